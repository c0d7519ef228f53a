import { useState } from 'react';
import { EMAIL_LENGTH_MAX } from '@rollcall/contract';
import { useQueryClient } from '@tanstack/react-query';
import type { MemberRole } from '../../shared/dashboard-api/dashboard-api';
import { useOneShot } from '../../shared/hooks/use-one-shot';
import { Button } from '../../shared/ui/button';
import { ConfirmDialog, Dialog } from '../../shared/ui/dialog';
import { ChoiceField, TextField } from '../../shared/ui/field';
import { ForeignText } from '../../shared/ui/foreign-text';
import { ValueField } from '../../shared/ui/value-field';
import { inviteMember, membersQuery, ROLES, type CreatedInvitation } from './members-api';

/** Invites somebody by a link, which is copied here. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<MemberRole>('admin');
  const [created, setCreated] = useState<CreatedInvitation | null>(null);
  const client = useQueryClient();
  const invite = useOneShot({
    mutationFn: () => inviteMember({ email: email.trim(), role }),
    onSuccess: (answer) => {
      setCreated(answer);
      void client.invalidateQueries({ queryKey: membersQuery.queryKey });
    },
  });
  if (created) return <InvitedDialog created={created} onClose={onClose} />;
  return (
    <ConfirmDialog
      title="Invite a member"
      confirmLabel="Invite"
      busy={invite.isPending}
      error={invite.error}
      blocked={!email.includes('@')}
      onConfirm={() => invite.mutate()}
      onClose={onClose}
    >
      <TextField
        label="Email"
        type="email"
        value={email}
        maxLength={EMAIL_LENGTH_MAX}
        autoComplete="off"
        onChange={setEmail}
      />
      <ChoiceField legend="Role" choices={ROLES} value={role} onChange={setRole} />
    </ConfirmDialog>
  );
}

function InvitedDialog({ created, onClose }: { created: CreatedInvitation; onClose: () => void }) {
  return (
    <Dialog
      title="Send this link"
      onClose={onClose}
      footer={
        <Button tone="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <p>
        Give it to <ForeignText text={created.invitation.email} />. It makes one account, for this address, within seven
        days. It is shown only once: if it is lost, withdraw the invitation and make another one.
      </p>
      <ValueField label="Invitation link" copyLabel="invitation" value={created.location} />
    </Dialog>
  );
}
