import { FindPerson } from '../../features/explain/find-person';
import { RequestList } from '../../features/requests/request-list';
import { useSearchParam } from '../../shared/hooks/use-search-param';
import styles from './pages.module.css';
import { useDirectorySource } from './use-directory-source';

/** What the identity provider asked of a directory; asked for a name, also whether that person is here, and why not. */
export function RequestsPage() {
  const { directoryId, provider } = useDirectorySource();
  const [userName] = useSearchParam('user_name');
  return (
    <>
      {userName && (
        <div className={styles.section}>
          <FindPerson directoryId={directoryId} name={userName} provider={provider} />
        </div>
      )}
      <RequestList directoryId={directoryId} provider={provider} />
    </>
  );
}
