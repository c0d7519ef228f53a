import { useMemo } from 'react';
import { readRequestLog, type RequestLog } from '../../shared/api/request-log';
import { findProvider } from '../../shared/providers/provider-catalogue';
import { useDirectory } from './directory-layout';

/** The log of the page's directory, and what its identity provider is called. */
export function useRequestLog(): { log: RequestLog; provider: string } {
  const { id, directory_provider } = useDirectory();
  const log = useMemo(() => readRequestLog(id), [id]);
  return { log, provider: findProvider(directory_provider).shortName };
}
