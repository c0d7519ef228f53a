import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useEffect, useRef, useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocation, useNavigate } from 'react-router';
import { describeError } from '../../shared/api/describe-error';
import { isTransient, PortalError } from '../../shared/api/portal-error';
import { openSession, type LinkOpening } from '../../shared/api/portal-api';
import { sessionQuery } from '../../shared/api/queries';
import { canKeepSession } from '../../shared/embedding/can-keep-session';
import { tellParent } from '../../shared/embedding/parent-page';
import { Button, ButtonLink } from '../../shared/ui/button';
import { ForeignText } from '../../shared/ui/foreign-text';
import { StatusPage } from '../../shared/ui/status-page';
import { CodePage } from './code-page';
import { describeLinkFailure, isCodeError } from './describe-link-failure';
import { FrameRefusedPage } from './frame-refused-page';

/**
 * Where a portal link leads. The token is in the fragment, which no server and no mail scanner's request sees; this
 * page posts it once, takes it out of the address bar, and goes on to the portal.
 */
export function OpenLinkPage() {
  const { hash } = useLocation();
  const [token, setToken] = useState(() => readToken(hash));
  const [canOpen] = useState(canKeepSession);
  const consume = useConsumeLink();
  const { mutate } = consume;
  const consumed = useRef<string>(undefined);

  // A second link pasted into the same tab changes only the fragment, without a load of the page.
  const next = readToken(hash);
  if (next !== '' && next !== token) setToken(next);

  useEffect(() => {
    // A link can be consumed once: a repeated effect must not spend it twice.
    if (!canOpen || token === '' || consumed.current === token) return;
    consumed.current = token;
    mutate({ linkToken: token });
  }, [token, mutate, canOpen]);

  if (!canOpen) return <FrameRefusedPage />;
  if (token === '') return <LinkFailure error={new PortalError(0, 'link_incomplete', '')} />;
  const { error, variables } = consume;
  const others = readOrganizations(error);
  if (others) {
    return <AskToSwitch {...others} onSwitch={() => mutate({ ...variables, linkToken: token, replace: true })} />;
  }
  if (isCodeError(error) || (variables?.code !== undefined && describeLinkFailure(error) === null)) {
    return (
      <CodePage
        key={token}
        linkToken={token}
        error={variables?.code === undefined ? null : error}
        isOpening={consume.isPending || consume.isSuccess}
        onOpen={(code) => mutate({ linkToken: token, code })}
      />
    );
  }
  if (!consume.isError) {
    return (
      <StatusPage title={t`Opening the admin portal`} isBusy>
        <p>
          <Trans>Your link is being checked.</Trans>
        </p>
      </StatusPage>
    );
  }
  return <LinkFailure error={error} onRetry={() => mutate({ ...variables, linkToken: token })} />;
}

function useConsumeLink() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { search } = useLocation();
  return useMutation({
    mutationFn: (link: LinkOpening) => openSession(link),
    onSuccess: (session) => {
      // Whatever an earlier session of another organization had loaded must not be shown to this one.
      client.clear();
      client.setQueryData(sessionQuery.queryKey, session);
      void navigate('/portal', { replace: true });
    },
    onError: (error, { code }) => {
      // A link that asks for a code opens nothing by itself, and a reload must find it again.
      if (!isCodeError(error) && code === undefined) void navigate({ search, hash: '' }, { replace: true });
    },
  });
}

interface Organizations {
  /** Whose portal is open in this browser. */
  present: string;
  /** Whose portal the link opens. */
  next: string;
}

/** The organizations between which the reader has to choose; null when the error is another one. */
function readOrganizations(error: unknown): Organizations | null {
  if (!(error instanceof PortalError) || error.code !== 'session_of_another_organization') return null;
  const { present, next } = error.details as Organizations;
  return { present, next };
}

/** Two organizations never change places unseen: a token pasted into the wrong one would hand its people over. */
function AskToSwitch({ present, next, onSwitch }: Organizations & { onSwitch: () => void }) {
  return (
    <StatusPage
      title={t`Switch to ${next}?`}
      actions={
        <>
          <Button tone="primary" onClick={onSwitch}>
            <Trans>
              Switch to <ForeignText text={next} />
            </Trans>
          </Button>
          <ButtonLink to="/portal" replace>
            <Trans>
              Stay with <ForeignText text={present} />
            </Trans>
          </ButtonLink>
        </>
      }
    >
      <p>
        <Trans>
          This browser has the portal of{' '}
          <strong>
            <ForeignText text={present} />
          </strong>{' '}
          open. The link opens the portal of{' '}
          <strong>
            <ForeignText text={next} />
          </strong>
          . Switch only if you expected that: the open session ends then.
        </Trans>
      </p>
    </StatusPage>
  );
}

function LinkFailure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const session = useQuery({ ...sessionQuery, retry: false });
  const { title, advice } = describeLinkFailure(error) ?? describeError(error);
  useEffect(() => {
    const code = error instanceof PortalError ? error.code : 'internal';
    tellParent({ type: 'PORTAL_LOAD_FAILURE', code, message: title });
  }, [error, title]);
  return (
    <StatusPage
      title={title}
      actions={
        <>
          {isTransient(error) && onRetry && (
            <Button tone="primary" icon="refresh" onClick={onRetry}>
              <Trans>Try again</Trans>
            </Button>
          )}
          {session.isSuccess && (
            <ButtonLink to="/portal" replace>
              <Trans>
                Continue as <ForeignText text={session.data.organization.display_name} />
              </Trans>
            </ButtonLink>
          )}
        </>
      }
    >
      <p>{advice}</p>
      {session.isSuccess && (
        <p>
          <Trans>You still have an open session in this browser.</Trans>
        </p>
      )}
    </StatusPage>
  );
}

function readToken(hash: string): string {
  return hash.replace(/^#/, '').trim();
}
