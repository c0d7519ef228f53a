import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useEffect, useRef } from 'react';
import { PortalError } from '../../shared/api/portal-error';
import { useAskBeforeUnload } from '../../shared/hooks/use-ask-before-unload';
import { useOneShot } from '../../shared/hooks/use-one-shot';
import { findProvider } from '../../shared/providers/provider-catalogue';
import { Button } from '../../shared/ui/button';
import { Card } from '../../shared/ui/card';
import { CopyField } from '../../shared/ui/copy-field';
import { ErrorNotice, Notice } from '../../shared/ui/notice';
import { showToken, type HandedOver, type TokenAnswer } from './handed-over-api';
import styles from './hand-over-card.module.css';

/** A token as it was shown, and whether it was copied since. */
export interface ShownToken {
  value: string;
  isCopied: boolean;
}

interface HandedOverValuesProps {
  handedOver: HandedOver;
  /** What the page was opened with. */
  linkToken: string;
  /** The bearer token while it can be read. */
  shown: ShownToken | undefined;
  onShown: (answer: TokenAnswer) => void;
  onCopied: () => void;
}

/** The two values that a colleague pastes. The token is made when it is asked for: whatever only looks at the page uses nothing up. */
export function HandedOverValues({ handedOver, linkToken, shown, onShown, onCopied }: HandedOverValuesProps) {
  const { directory, hand_over: handOver } = handedOver;
  const { shortName } = findProvider(directory.directory_provider);
  useAskBeforeUnload(shown !== undefined && !shown.isCopied);
  return (
    <Card
      title={t`What to paste`}
      lead={t`Two values for the provisioning (SCIM) settings of ${{ provider: shortName }}.`}
    >
      <div className={styles.stack}>
        <CopyField label={t`Endpoint URL`} value={directory.directory_endpoint} testId="endpoint-url" />
        {shown ? (
          <FreshToken value={shown.value} onCopied={onCopied} />
        ) : handOver.token_shown_time === null ? (
          <ShowToken linkToken={linkToken} onShown={onShown} />
        ) : (
          <Notice title={t`The token was shown, and cannot be shown again`}>{describeLost(directory.secrets)}</Notice>
        )}
      </div>
    </Card>
  );
}

/** Which token it was, as long as it is known. */
function describeLost([newest]: HandedOver['directory']['secrets']): string {
  if (!newest) return t`If you have not stored it, ask the person who sent you the link for another one.`;
  return t`It ends in ${{ end: newest.secret_suffix }}. If you have not stored it, ask the person who sent you the link for another one.`;
}

function ShowToken({ linkToken, onShown }: Pick<HandedOverValuesProps, 'linkToken' | 'onShown'>) {
  const show = useOneShot({ mutationFn: () => showToken(linkToken), onSuccess: onShown });
  return (
    <>
      <Notice
        title={t`The bearer token is shown once`}
        actions={
          <Button tone="primary" icon="key" busy={show.isPending} onClick={() => show.mutate()}>
            <Trans>Show the token</Trans>
          </Button>
        }
      >
        <Trans>
          Ask for it when you are ready to paste it. The link opens nothing for anybody else from then on; keep this
          page open to see how it goes.
        </Trans>
      </Notice>
      {show.isError && <ErrorNotice error={show.error} advice={adviseColleague(show.error)} />}
    </>
  );
}

/** What somebody can do who sees no list of the tokens; undefined: what anybody is told. */
function adviseColleague(error: unknown): string | undefined {
  if (!(error instanceof PortalError) || error.code !== 'too_many_secrets') return undefined;
  return t`Tell the person who sent you the link: they can revoke one that is no longer used. Then try again.`;
}

function FreshToken({ value, onCopied }: { value: string; onCopied: () => void }) {
  const frame = useRef<HTMLDivElement>(null);
  // The button that asked for it is gone, and copying is what comes next.
  useEffect(() => frame.current?.querySelector('button')?.focus(), []);
  return (
    <div ref={frame} className={styles.fresh}>
      <CopyField
        label={t`Bearer token`}
        value={value}
        testId="bearer-token"
        hint={t`Copy it now. You won’t be able to see it again.`}
        onCopied={onCopied}
      />
    </div>
  );
}
