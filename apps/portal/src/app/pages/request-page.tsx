import { useParams } from 'react-router';
import { RequestTrace } from '../../features/requests/request-trace';
import { useRequestLog } from './use-request-log';

/** One request and what came of it. */
export function RequestPage() {
  const { requestId = '' } = useParams();
  return <RequestTrace {...useRequestLog()} requestId={requestId} />;
}
