import { useParams } from 'react-router';
import { RequestTrace } from '../../features/requests/request-trace';
import { portalRequestLog } from '../../shared/api/request-log';
import { findProvider } from '../../shared/providers/provider-catalogue';
import { useDirectory } from './directory-layout';

/** One request and what came of it. */
export function RequestPage() {
  const directory = useDirectory();
  const { requestId = '' } = useParams();
  const provider = findProvider(directory.directory_provider).shortName;
  return <RequestTrace log={portalRequestLog(directory.id)} requestId={requestId} provider={provider} />;
}
