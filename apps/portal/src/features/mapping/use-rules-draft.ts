import { useState } from 'react';
import type { RulesImpact } from '@rollcall/sdk';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { mappingQuery } from '../../shared/api/mapping-api';
import { useAskBeforeUnload } from '../../shared/hooks/use-ask-before-unload';
import { useAnnounce } from '../../shared/ui/announcer';

interface RulesCalls<Rule> {
  directoryId: string;
  saved: readonly Rule[];
  /** Tells what the rules would change. */
  tryOut: (rules: readonly Rule[]) => Promise<RulesImpact>;
  save: (rules: readonly Rule[]) => Promise<unknown>;
}

/** Rules as they are being written: tried out before they are saved, and only what was tried out is. */
export function useRulesDraft<Rule>({ directoryId, saved, tryOut, save }: RulesCalls<Rule>) {
  const [draft, setDraft] = useState<readonly Rule[] | null>(null);
  const client = useQueryClient();
  const announce = useAnnounce();
  const rules = draft ?? saved;
  const isChanged = draft !== null && JSON.stringify(draft) !== JSON.stringify(saved);
  useAskBeforeUnload(isChanged);
  const trial = useMutation({ mutationFn: () => tryOut(rules) });
  const saving = useMutation({
    mutationFn: () => save(rules),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: mappingQuery(directoryId).queryKey });
      setDraft(null);
      trial.reset();
      announce('Saved. The users are brought to it now.');
    },
  });
  const change = (next: readonly Rule[] | null) => {
    setDraft(next);
    trial.reset();
    saving.reset();
  };
  return { rules, isChanged, change, trial, saving };
}

export type RulesDraft<Rule> = ReturnType<typeof useRulesDraft<Rule>>;
