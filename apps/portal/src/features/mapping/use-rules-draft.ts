import { t } from '@lingui/core/macro';
import { useState } from 'react';
import type { DirectoryMapping, RulesImpact } from '@rollcall/sdk';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { mappingQuery } from '../../shared/api/mapping-api';
import { useAskBeforeUnload } from '../../shared/hooks/use-ask-before-unload';
import { useAnnounce } from '../../shared/ui/announcer';
import { toRows, type DraftRows } from './draft-rows';

interface RulesCalls<Rule, Input> {
  directoryId: string;
  mapping: DirectoryMapping;
  /** The rules that this is about. */
  rulesOf: (mapping: DirectoryMapping) => readonly Rule[];
  /** A rule as the API takes it. */
  toInput: (rule: Rule) => Input;
  /** Tells what the rules would change. */
  tryOut: (directoryId: string, rules: readonly Input[]) => Promise<RulesImpact>;
  save: (directoryId: string, rules: readonly Input[]) => Promise<unknown>;
}

interface Draft<Rule> {
  rows: DraftRows<Rule>;
  /** The rules that it was begun with, as text. */
  base: string;
}

/**
 * Rules as they are being written: tried out before they are saved, and only what was tried out is. Until something is edited they are
 * those that are stored; when others are stored meanwhile, the reader is told, and tries out anew.
 */
export function useRulesDraft<Rule, Input>(calls: RulesCalls<Rule, Input>) {
  const { directoryId, mapping, rulesOf, toInput, tryOut, save } = calls;
  const [draft, setDraft] = useState<Draft<Rule> | null>(null);
  const client = useQueryClient();
  const announce = useAnnounce();
  const write = (of: DirectoryMapping) => JSON.stringify(rulesOf(of).map(toInput));
  const stored = write(mapping);
  const rows = draft?.rows ?? toRows(rulesOf(mapping));
  const inputs = rows.map(({ rule }) => toInput(rule));
  const isChanged = JSON.stringify(inputs) !== stored;
  useAskBeforeUnload(isChanged);
  const trial = useMutation({ mutationFn: (_against: string) => tryOut(directoryId, inputs) });
  const saving = useMutation({
    mutationFn: async (saved: { rows: DraftRows<Rule>; inputs: readonly Input[] }) => {
      // Since the page last asked, others may have been stored: then they are shown, and nothing is saved over them.
      const newest = await client.fetchQuery({ ...mappingQuery(directoryId), staleTime: 0 });
      if (write(newest) !== stored) return;
      await save(directoryId, saved.inputs);
      await client.invalidateQueries({ queryKey: mappingQuery(directoryId).queryKey });
      setDraft((now) =>
        now === null || now.rows === saved.rows ? null : { ...now, base: JSON.stringify(saved.inputs) },
      );
      trial.reset();
      announce(t`Saved. The users are brought to it now.`);
    },
  });
  const change = (next: DraftRows<Rule> | null) => {
    setDraft(next && { rows: next, base: draft?.base ?? stored });
    trial.reset();
    if (!saving.isPending) saving.reset();
  };
  return {
    rows,
    isChanged,
    /** Whether others were stored since this was begun. */
    isOvertaken: isChanged && draft !== null && draft.base !== stored,
    /** What the rules would change; undefined until they were tried out against those that are stored now. */
    impact: trial.variables === stored ? trial.data : undefined,
    change,
    trial: { error: trial.error, isPending: trial.isPending, start: () => trial.mutate(stored) },
    saving: { error: saving.error, isPending: saving.isPending, start: () => saving.mutate({ rows, inputs }) },
  };
}

/** What of a draft does not depend on what its rules are. */
export type RulesDraft = Omit<ReturnType<typeof useRulesDraft>, 'rows' | 'change'> & { change: (next: null) => void };
