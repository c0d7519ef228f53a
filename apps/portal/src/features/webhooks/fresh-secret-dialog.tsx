import type { WebhookEndpointWithSecret } from '@rollcall/sdk';
import { ShownOnceDialog } from '../../shared/ui/shown-once-dialog';
import { SECRET_VARIABLE } from './verify-snippets';

interface FreshSecretDialogProps {
  created: WebhookEndpointWithSecret;
  onClose: () => void;
}

/** The signing secret, shown this once. */
export function FreshSecretDialog({ created: { secret }, onClose }: FreshSecretDialogProps) {
  return (
    <ShownOnceDialog
      title="Your signing secret"
      lead="Your app verifies events with it. Copy it now: nobody can show it again."
      values={[
        {
          label: 'Signing secret',
          value: secret,
          hint: (
            <>
              The snippets under “Verify” expect it in <code>{SECRET_VARIABLE}</code>.
            </>
          ),
        },
      ]}
      onClose={onClose}
    />
  );
}
