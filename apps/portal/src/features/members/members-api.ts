import { queryOptions } from '@tanstack/react-query';
import { callDashboard, type MemberRole } from '../../shared/dashboard-api/dashboard-api';
import { dashboardPolled } from '../../shared/management-api/list-query';

export interface Member {
  id: string;
  name: string;
  email: string;
  role: MemberRole;
  last_seen_time: string | null;
  second_factor: boolean;
}

export interface Invitation {
  id: string;
  email: string;
  role: MemberRole;
  expire_time: string;
}

export interface CreatedInvitation {
  invitation: Invitation;
  /** Shown once; it joins whoever opens it. */
  location: string;
}

export const membersQuery = queryOptions({
  queryKey: ['members'],
  queryFn: ({ signal }) =>
    callDashboard<{ members: Member[]; invitations: Invitation[] }>('GET', '/members', { signal }),
  ...dashboardPolled,
});

export function inviteMember(body: { email: string; role: MemberRole }): Promise<CreatedInvitation> {
  return callDashboard('POST', '/members/invitations', { body });
}

export function withdrawInvitation(invitationId: string): Promise<void> {
  return callDashboard('DELETE', `/members/invitations/${invitationId}`);
}

export function changeRole(memberId: string, role: MemberRole): Promise<unknown> {
  return callDashboard('PATCH', `/members/${memberId}`, { body: { role } });
}

export function removeMember(memberId: string): Promise<void> {
  return callDashboard('DELETE', `/members/${memberId}`);
}

/** What each role may do, for whoever chooses one. */
export const ROLES: readonly { value: MemberRole; label: string; hint: string }[] = [
  { value: 'owner', label: 'Owner', hint: 'Everything, members, sign-in and erasures included.' },
  { value: 'admin', label: 'Admin', hint: 'Organizations, webhooks, API clients and settings.' },
  { value: 'viewer', label: 'Viewer', hint: 'Looks, and changes nothing.' },
];
