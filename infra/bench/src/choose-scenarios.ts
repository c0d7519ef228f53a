/** What the choice of scenarios looks at. */
interface Named {
  name: string;
  quick?: boolean;
  once?: boolean;
}

/**
 * The scenarios that are asked for: with `only` the one that is called so or, when none is, those whose names match it as a regular
 * expression, case ignored; without it all that are done in rounds, or with `quick` those that are quick. What is done once takes
 * so long that one has to ask for it.
 * Throws SyntaxError when `only` is neither a name nor a pattern.
 */
export function chooseScenarios<Scenario extends Named>(
  scenarios: readonly Scenario[],
  { only, quick }: { only?: string; quick: boolean },
): Scenario[] {
  if (only === undefined)
    return scenarios.filter((scenario) => (quick ? scenario.quick === true : scenario.once !== true));
  const called = scenarios.filter(({ name }) => name.toLowerCase() === only.toLowerCase());
  if (called.length > 0) return called;
  const pattern = new RegExp(only, 'i');
  return scenarios.filter(({ name }) => pattern.test(name));
}
