import { useParams } from 'react-router';
import { RequestTrace } from '../../features/requests/request-trace';
import { useDirectorySource } from './use-directory-source';

/** One request and what came of it. */
export function RequestPage() {
  const { requestId = '' } = useParams();
  return <RequestTrace {...useDirectorySource()} requestId={requestId} />;
}
