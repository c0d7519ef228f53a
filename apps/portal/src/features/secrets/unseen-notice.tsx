import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { Directory } from '@rollcall/sdk';
import { secretStatusAt } from '../../shared/format/secret-life';
import { useNow } from '../../shared/hooks/use-now';
import { Notice } from '../../shared/ui/notice';
import { useFreshSecrets } from './fresh-secrets';
import { secretName } from './secret-name';
import { findUnseen } from './unseen-secrets';

const TICK_MS = 1_000;

/** What to do about tokens that were asked for without an answer: they may work, and nobody can ever be shown them. */
export function UnseenNotice({ directory }: { directory: Directory }) {
  const unanswered = useFreshSecrets().findUnanswered(directory.id);
  const now = useNow(TICK_MS);
  if (!unanswered) return null;
  const unseen = findUnseen(unanswered, directory.secrets);
  const active = unseen.filter((secret) => secretStatusAt(secret, now) === 'ACTIVE');
  if (active.length > 0) {
    return active.map((secret) => (
      <Notice
        key={secret.id}
        tone="waiting"
        title={t`The token ${{ token: secretName(secret) }} was made, but never shown`}
        role="status"
      >
        <Trans>
          The answer with it was lost on its way here, and nobody can show it again. Revoke it, and generate another
          one.
        </Trans>
      </Notice>
    ));
  }
  if (unseen.length > 0 || unanswered.isOvercome) return null;
  return (
    <Notice tone="waiting" title={t`A token may have been made that nobody has seen`} role="status">
      <Trans>
        No answer arrived when it was asked for. If it appears in the list below, revoke it, and generate another one.
      </Trans>
    </Notice>
  );
}
