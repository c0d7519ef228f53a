import { useParams } from 'react-router';
import { ExplainUser } from '../../features/explain/explain-user';
import { useDirectorySource } from './use-directory-source';

/** Where everything known of one user comes from. */
export function ExplainPage() {
  const { userId = '' } = useParams();
  return <ExplainUser {...useDirectorySource()} userId={userId} />;
}
