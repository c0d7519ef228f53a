import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import type { Directory, IssuedDirectorySecret } from '@rollcall/sdk';
import { useQueries } from '@tanstack/react-query';
import { PortalError } from '../../shared/api/portal-error';
import { watchedDirectoryQuery } from '../../shared/api/queries';
import { useAskBeforeUnload } from '../../shared/hooks/use-ask-before-unload';
import { addAttempt, addShown, type Unanswered } from './unseen-secrets';

/** A token that can still be read. */
interface FreshSecret extends IssuedDirectorySecret {
  /** Whether it was put on the clipboard since it is shown. */
  isCopied: boolean;
}

interface FreshSecrets {
  find: (directoryId: string) => FreshSecret | undefined;
  /** Those that nobody has copied yet. */
  uncopied: readonly FreshSecret[];
  remember: (issued: IssuedDirectorySecret) => void;
  markCopied: (directoryId: string) => void;
  forget: (directoryId: string) => void;
  forgetAll: () => void;
  /** Notes that a token was asked for without an answer, of a directory as it was read before. */
  noteUnanswered: (directory: Directory) => void;
  findUnanswered: (directoryId: string) => Unanswered | undefined;
}

type Secrets = ReadonlyMap<string, FreshSecret>;

const FreshSecretsContext = createContext<FreshSecrets | null>(null);

/**
 * Keeps tokens readable between being issued and being copied: in the memory of this page alone, never in the URL or
 * in storage, so that a reload or the end of the session forgets them. While one is not copied the browser asks first.
 */
export function FreshSecretsProvider({ children }: { children: ReactNode }) {
  const [secrets, setSecrets] = useState<Secrets>(new Map());
  const { noteUnanswered, findUnanswered, noteShown } = useUnanswered();

  const remember = useCallback(
    (issued: IssuedDirectorySecret) => {
      setSecrets((current) => new Map(current).set(issued.secret.directory_id, { ...issued, isCopied: false }));
      noteShown(issued);
    },
    [noteShown],
  );
  const markCopied = useCallback((directoryId: string) => {
    setSecrets((current) => {
      const secret = current.get(directoryId);
      return secret ? new Map(current).set(directoryId, { ...secret, isCopied: true }) : current;
    });
  }, []);
  const forget = useCallback((directoryId: string) => {
    setSecrets((current) => {
      const next = new Map(current);
      return next.delete(directoryId) ? next : current;
    });
  }, []);
  const forgetAll = useCallback(() => setSecrets(new Map()), []);
  useForgetEnded(secrets, forget);

  const uncopied = useMemo(() => [...secrets.values()].filter(({ isCopied }) => !isCopied), [secrets]);
  useAskBeforeUnload(uncopied.length > 0);
  const value = useMemo(
    () => ({
      find: (directoryId: string) => secrets.get(directoryId),
      uncopied,
      remember,
      markCopied,
      forget,
      forgetAll,
      noteUnanswered,
      findUnanswered,
    }),
    [secrets, uncopied, remember, markCopied, forget, forgetAll, noteUnanswered, findUnanswered],
  );
  return <FreshSecretsContext value={value}>{children}</FreshSecretsContext>;
}

export function useFreshSecrets(): FreshSecrets {
  const secrets = useContext(FreshSecretsContext);
  if (!secrets) throw new Error('useFreshSecrets needs a FreshSecretsProvider above it');
  return secrets;
}

/** What was revoked or has expired, or whose directory was deleted, wherever that was done, is no longer worth copying. */
function useForgetEnded(secrets: Secrets, forget: (directoryId: string) => void): void {
  const fresh = [...secrets.values()].map(({ secret }) => secret);
  const directories = useQueries({ queries: fresh.map(({ directory_id }) => watchedDirectoryQuery(directory_id)) });
  const ended = fresh.filter(({ id }, index) => {
    const { data, error } = directories[index] ?? {};
    const isDeleted = error instanceof PortalError && error.status === 404;
    return isDeleted || data?.secrets.some((secret) => secret.id === id && secret.status !== 'ACTIVE');
  });
  useEffect(() => {
    for (const { directory_id } of ended) forget(directory_id);
  });
}

/** The attempts without an answer, by directory. */
function useUnanswered() {
  const [attempts, setAttempts] = useState<ReadonlyMap<string, Unanswered>>(new Map());
  const noteUnanswered = useCallback((directory: Directory) => {
    setAttempts((current) => new Map(current).set(directory.id, addAttempt(current.get(directory.id), directory)));
  }, []);
  const noteShown = useCallback(({ secret }: IssuedDirectorySecret) => {
    setAttempts((current) => {
      const attempt = current.get(secret.directory_id);
      return attempt ? new Map(current).set(secret.directory_id, addShown(attempt, secret.id)) : current;
    });
  }, []);
  const findUnanswered = useCallback((directoryId: string) => attempts.get(directoryId), [attempts]);
  return { noteUnanswered, noteShown, findUnanswered };
}
