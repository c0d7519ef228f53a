import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from 'react';
import type { IssuedDirectorySecret } from '@rollcall/sdk';

interface FreshSecrets {
  find: (directoryId: string) => IssuedDirectorySecret | undefined;
  remember: (issued: IssuedDirectorySecret) => void;
  forget: (directoryId: string) => void;
}

const FreshSecretsContext = createContext<FreshSecrets | null>(null);

/**
 * Keeps tokens readable between being issued and being copied: in the memory of this page alone, never in the URL or
 * in storage, so that a reload or the end of the session forgets them.
 */
export function FreshSecretsProvider({ children }: { children: ReactNode }) {
  const [secrets, setSecrets] = useState<ReadonlyMap<string, IssuedDirectorySecret>>(new Map());
  const remember = useCallback((issued: IssuedDirectorySecret) => {
    setSecrets((current) => new Map(current).set(issued.secret.directory_id, issued));
  }, []);
  const forget = useCallback((directoryId: string) => {
    setSecrets((current) => {
      const next = new Map(current);
      next.delete(directoryId);
      return next;
    });
  }, []);
  const value = useMemo(
    () => ({ find: (directoryId: string) => secrets.get(directoryId), remember, forget }),
    [secrets, remember, forget],
  );
  return <FreshSecretsContext value={value}>{children}</FreshSecretsContext>;
}

export function useFreshSecrets(): FreshSecrets {
  const secrets = useContext(FreshSecretsContext);
  if (!secrets) throw new Error('useFreshSecrets needs a FreshSecretsProvider above it');
  return secrets;
}
