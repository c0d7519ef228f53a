import { useMutation, useQueryClient } from '@tanstack/react-query';
import { directoryQuery } from '../../shared/api/queries';
import { useAnnounce } from '../../shared/ui/announcer';
import type { Impact, Place } from './rules-queries';

interface RulesChange<Rules> {
  directory: Place;
  preview: (directory: Place, rules: Rules) => Promise<Impact>;
  save: (directory: Place, rules: Rules) => Promise<void>;
  /** Said when it is saved. */
  saved: string;
}

/** Trying a change of a directory's rules, and making it. What was tried is forgotten with the next change of the draft. */
export function useRulesChange<Rules>({ directory, preview, save, saved }: RulesChange<Rules>) {
  const client = useQueryClient();
  const announce = useAnnounce();
  const trying = useMutation({
    mutationFn: (rules: Rules) => preview(directory, rules),
    onSuccess: ({ users_affected: users }) => announce(`${users} users would change`),
  });
  const saving = useMutation({
    mutationFn: (rules: Rules) => save(directory, rules),
    onSuccess: () => {
      trying.reset();
      announce(saved);
      return client.invalidateQueries({ queryKey: directoryQuery(directory.id).queryKey, exact: true });
    },
  });
  return { trying, saving };
}
