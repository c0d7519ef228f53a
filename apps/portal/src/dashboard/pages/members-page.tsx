import { useState } from 'react';
import { useDashboardSession } from '../../shared/dashboard-api/dashboard-session';
import { Button } from '../../shared/ui/button';
import { PageIntro } from '../../shared/ui/page-intro';
import { InvitationsList } from '../../features/members/invitations-list';
import { InviteDialog } from '../../features/members/invite-dialog';
import { MembersList } from '../../features/members/members-list';
import { SingleSignOnCard } from '../../features/members/single-sign-on-card';
import styles from './pages.module.css';

/** Who works with this environment, and how they sign in. */
export function MembersPage() {
  const { member, role } = useDashboardSession();
  const [isInviting, setIsInviting] = useState(false);
  const isOwner = role === 'owner';
  return (
    <>
      <PageIntro
        title="Members"
        lead={isOwner ? 'Who may work with this environment.' : 'Who may work with this environment. Owners change it.'}
        actions={
          isOwner && (
            <Button tone="primary" icon="plus" onClick={() => setIsInviting(true)}>
              Invite member
            </Button>
          )
        }
      />
      <div className={styles.stack}>
        <InvitationsList canManage={isOwner} />
        <MembersList ownId={member.id} canManage={isOwner} />
        {isOwner && <SingleSignOnCard />}
      </div>
      {isInviting && <InviteDialog onClose={() => setIsInviting(false)} />}
    </>
  );
}
