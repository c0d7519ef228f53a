import type { MailStatus, PortalSettings, PortalSettingsInput } from '@rollcall/sdk';
import { queryOptions } from '@tanstack/react-query';
import { dashboardPolled } from '../../shared/management-api/list-query';
import { answerOf, api } from '../../shared/management-api/management-api';

export const portalSettingsQuery = queryOptions({
  queryKey: ['portal-settings'],
  queryFn: ({ signal }): Promise<PortalSettings> => answerOf(api.GET('/api/v1/portal_settings', { signal })),
});

/** Sets everything anew: what is not among it has its default afterwards. */
export function savePortalSettings(settings: PortalSettingsInput): Promise<PortalSettings> {
  return answerOf(api.PUT('/api/v1/portal_settings', { body: settings }));
}

export const mailStatusQuery = queryOptions({
  queryKey: ['mail'],
  queryFn: ({ signal }): Promise<MailStatus> => answerOf(api.GET('/api/v1/mail', { signal })),
  ...dashboardPolled,
});

export async function sendTestMail(email: string): Promise<void> {
  await answerOf(api.POST('/api/v1/mail:test', { body: { email } }));
}
