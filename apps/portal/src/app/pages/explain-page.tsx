import { Link, useParams } from 'react-router';
import { ExplainUser } from '../../features/explain/explain-user';
import { portalRequestLog } from '../../shared/api/request-log';
import { findProvider } from '../../shared/providers/provider-catalogue';
import { Card } from '../../shared/ui/card';
import { useDirectory } from './directory-layout';
import styles from './pages.module.css';

/** Where everything known of one user comes from. */
export function ExplainPage() {
  const directory = useDirectory();
  const { userId = '' } = useParams();
  const log = portalRequestLog(directory.id);
  const provider = findProvider(directory.directory_provider).shortName;
  return (
    <div className={styles.stack}>
      <Card
        title="Where this comes from"
        lead="Each value with the attribute that it was read from, and the request that brought it."
        actions={<Link to={log.links.user(userId)}>Show the user</Link>}
      >
        <ExplainUser log={log} userId={userId} provider={provider} />
      </Card>
    </div>
  );
}
