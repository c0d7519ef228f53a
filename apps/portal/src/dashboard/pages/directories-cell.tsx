import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { directoryTitle } from '../../shared/format/directory-status';
import { writeHidden } from '../../shared/format/mark-hidden';
import { Skeleton } from '../../shared/ui/skeleton';
import { DirectoryBadge } from '../../features/directories/directory-badge';
import { directoriesOfQuery } from '../../features/organizations/organization-queries';
import styles from './pages.module.css';

/** Told apart in one cell; the organization's page has them all. */
const SHOWN = 2;

/** The directories of an organization by their state, each leading to it. Read once for each row that is seen. */
export function DirectoriesCell({ organizationId }: { organizationId: string }) {
  const { data, isError } = useQuery({ ...directoriesOfQuery(organizationId), refetchInterval: false });
  if (!data) return isError ? <span title="They could not be read">?</span> : <Skeleton width={2} />;
  if (data.directories.length === 0) return <span className={styles.none}>None</span>;
  return (
    <span className={styles.badges}>
      {data.directories.slice(0, SHOWN).map((directory) => (
        <Link
          key={directory.id}
          to={`/organizations/${organizationId}/directories/${directory.id}`}
          title={writeHidden(directoryTitle(directory))}
          className={styles.badge}
        >
          <DirectoryBadge directory={directory} />
        </Link>
      ))}
      {data.total_size > SHOWN && <span className={styles.none}>+{data.total_size - SHOWN}</span>}
    </span>
  );
}
