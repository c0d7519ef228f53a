import { findProvider } from '../../shared/providers/provider-catalogue';
import { useDirectory } from './directory-layout';

/** The page's directory, and what its identity provider is called. */
export function useDirectorySource(): { directoryId: string; provider: string } {
  const { id, directory_provider } = useDirectory();
  return { directoryId: id, provider: findProvider(directory_provider).shortName };
}
