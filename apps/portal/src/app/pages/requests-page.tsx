import { FindPerson } from '../../features/explain/find-person';
import { RequestList } from '../../features/requests/request-list';
import { portalRequestLog } from '../../shared/api/request-log';
import { useSearchParam } from '../../shared/hooks/use-search-param';
import { findProvider } from '../../shared/providers/provider-catalogue';
import { useDirectory } from './directory-layout';
import styles from './pages.module.css';

/** What the identity provider asked of a directory; asked for a name, also whether that person is here, and why not. */
export function RequestsPage() {
  const directory = useDirectory();
  const [userName] = useSearchParam('user_name');
  const provider = findProvider(directory.directory_provider).shortName;
  const log = portalRequestLog(directory.id);
  return (
    <>
      {userName && (
        <div className={styles.section}>
          <FindPerson log={log} name={userName} provider={provider} />
        </div>
      )}
      <RequestList log={log} provider={provider} />
    </>
  );
}
