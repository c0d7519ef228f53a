import { useParams } from 'react-router';
import { ExplainUser } from '../../../features/explain/explain-user';
import { FindPerson } from '../../../features/explain/find-person';
import { RequestList } from '../../../features/requests/request-list';
import { RequestTrace } from '../../../features/requests/request-trace';
import { useSearchParam } from '../../../shared/hooks/use-search-param';
import { findProvider } from '../../../shared/providers/provider-catalogue';
import styles from '../pages.module.css';
import { useDirectoryDetail } from './directory-layout';

function useDirectorySource(): { directoryId: string; provider: string } {
  const { id, directory_provider } = useDirectoryDetail();
  return { directoryId: id, provider: findProvider(directory_provider).shortName };
}

/** What the identity provider asked of a directory; asked for a name, also whether that person is there, and why not. */
export function DirectoryRequestsPage() {
  const { directoryId, provider } = useDirectorySource();
  const [userName] = useSearchParam('user_name');
  return (
    <>
      {userName && (
        <div className={styles.notices}>
          <FindPerson directoryId={directoryId} name={userName} provider={provider} />
        </div>
      )}
      <RequestList directoryId={directoryId} provider={provider} />
    </>
  );
}

/** One request and what came of it. */
export function DirectoryRequestPage() {
  const { requestId = '' } = useParams();
  return <RequestTrace {...useDirectorySource()} requestId={requestId} />;
}

/** Where everything known of one user comes from. */
export function DirectoryExplainPage() {
  const { userId = '' } = useParams();
  return <ExplainUser {...useDirectorySource()} userId={userId} />;
}
