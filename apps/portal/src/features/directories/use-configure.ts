import { useState } from 'react';
import type { DirectoryProvider } from '@rollcall/sdk';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { createSecret } from '../../shared/api/portal-api';
import { PortalError } from '../../shared/api/portal-error';
import { directoriesQuery, directoryQuery } from '../../shared/api/queries';
import { useOneShot } from '../../shared/hooks/use-one-shot';
import {
  configureDirectory,
  type Configuration,
  type ConfiguredDirectory,
  type IssueFirst,
} from './configure-directory';

/** A directory of the chosen provider that was there already. */
interface ExistingDirectory {
  id: string;
  name: string;
}

/** A choice that waits for the reader's answer. */
interface Question {
  configuration: Configuration;
  existing: ExistingDirectory;
}

export interface Configuring {
  configure: (configuration: Configuration) => void;
  /** The provider whose directory is being made. */
  pending: DirectoryProvider | null;
  /** Why none was made. */
  error: Error | null;
  question: Question | null;
  /** Puts the question away. */
  dismiss: () => void;
}

/**
 * What Configure does, and how far it is: it makes a directory with its first token, or asks when there is one of the same
 * provider. What was under way when a failure came is found by the next try, which then asks. `prepare` comes before: where it rejects
 * nothing is made.
 */
export function useConfigure(
  onConfigured: (configured: ConfiguredDirectory) => void,
  prepare?: () => Promise<void>,
): Configuring {
  const client = useQueryClient();
  const [question, setQuestion] = useState<Question | null>(null);
  // A mutation of its own: its failure is for the whole page to know, and no failure of Configure.
  const { mutateAsync: issueFirst } = useMutation({
    mutationFn: ({ directoryId, token }: Parameters<IssueFirst>[0]) => createSecret(directoryId, token),
  });
  const configure = useOneShot({
    mutationFn: async (configuration: Configuration) => {
      await prepare?.();
      return configureDirectory(configuration, issueFirst);
    },
    onSuccess: (configured) => {
      const { queryKey } = directoryQuery(configured.directory.id);
      client.setQueryData(queryKey, configured.directory);
      // A token may have been made unseen since: its page reads the directory first.
      if (!configured.issued) void client.invalidateQueries({ queryKey });
      void client.invalidateQueries({ queryKey: directoriesQuery.queryKey });
      setQuestion(null);
      onConfigured(configured);
    },
    onError: (error, configuration) => {
      const existing = readExisting(error);
      setQuestion(existing && { configuration, existing });
    },
  });
  return {
    configure: configure.mutate,
    pending: configure.isPending ? (configure.variables?.provider ?? null) : null,
    error: readExisting(configure.error) ? null : configure.error,
    question,
    dismiss: () => setQuestion(null),
  };
}

/** The directory for whose sake none was made; null when the error is another one. */
function readExisting(error: unknown): ExistingDirectory | null {
  if (!(error instanceof PortalError) || error.code !== 'directory_exists') return null;
  const { directory_id: id, name } = error.details as { directory_id: string; name: string };
  return { id, name };
}
