import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { PersonFinding } from '@rollcall/sdk';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { linksOf } from '../../shared/api/directory-links';
import { personQuery } from '../../shared/api/request-log-queries';
import { ErrorNotice, Notice } from '../../shared/ui/notice';
import { Skeleton } from '../../shared/ui/skeleton';

interface FindPersonProps {
  directoryId: string;
  /** A userName or an e-mail address. */
  name: string;
  /** The identity provider's name. */
  provider: string;
}

/** Why somebody is not in the directory, for a list that was searched and has nothing. */
export function FindPerson({ directoryId, name, provider }: FindPersonProps) {
  const finding = useQuery(personQuery(directoryId, name));
  if (finding.isPending) return <Skeleton width={3} />;
  if (finding.isError) return <ErrorNotice error={finding.error} onRetry={() => void finding.refetch()} />;
  const { title, text } = VERDICTS[finding.data.verdict](provider);
  return (
    <Notice title={title} actions={linkToEvidence(finding.data, directoryId, name)}>
      {text}
    </Notice>
  );
}

function linkToEvidence({ verdict, user_id, requests }: PersonFinding, directoryId: string, name: string): ReactNode {
  if (verdict === 'present' || verdict === 'inactive') {
    return (
      user_id !== null && (
        <Link to={linksOf(directoryId).user(user_id)}>
          <Trans>Open the user</Trans>
        </Link>
      )
    );
  }
  const query = `user_name=${encodeURIComponent(name)}`;
  return (
    requests.length > 0 && (
      <Link to={`${linksOf(directoryId).requests}?${query}`}>
        <Trans>Show the requests about this name</Trans>
      </Link>
    )
  );
}

const VERDICTS: Record<PersonFinding['verdict'], (provider: string) => { title: string; text: string }> = {
  present: () => ({
    title: t`This person is here`,
    text: t`A user with exactly this user name or e-mail address is in the directory.`,
  }),
  inactive: (provider) => ({
    title: t`This person is here, and inactive`,
    text: t`${provider} deactivated the user. Assign the person again to activate it.`,
  }),
  held: (provider) => ({
    title: t`Deleted, and held back`,
    text: t`${provider} deleted the user. The guard against mass removal keeps that from the app until it is decided about.`,
  }),
  deleted: (provider) => ({
    title: t`${provider} deleted this person`,
    text: t`The user was here and was removed. Assign the person again to bring it back.`,
  }),
  refused: (provider) => ({
    title: t`${provider} tried, and was refused`,
    text: t`Requests about this name went wrong. Each of them says why, and what to do.`,
  }),
  looked_up: (provider) => ({
    title: t`${provider} looked, and sent nobody`,
    text: t`It asked whether the name is here, was told that it is not, and did not create it. Look at the tasks that failed in ${provider}.`,
  }),
  never_sent: (provider) => ({
    title: t`${provider} has not sent this person`,
    text: t`In the last 30 days no request named it. Check in ${provider} that the person is assigned to the app, and in a group that is in scope.`,
  }),
};
