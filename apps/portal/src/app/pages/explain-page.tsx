import { useParams } from 'react-router';
import { ExplainUser } from '../../features/explain/explain-user';
import { useRequestLog } from './use-request-log';

/** Where everything known of one user comes from. */
export function ExplainPage() {
  const { userId = '' } = useParams();
  return <ExplainUser {...useRequestLog()} userId={userId} />;
}
