import { parseArgs } from 'node:util';
import { measureRounds } from './measure-rounds';
import { renderTable } from './render-table';
import { scimCoreScenarios } from './scim-core-scenarios';

const HELP = `npm run bench -- [--quick]

Measures how much of its work one core does per second, in rounds that alternate between the scenarios, and prints medians.
Figures hold for this machine; close other programs first.

  --quick   fewer and shorter rounds`;

const { values } = parseArgs({ options: { quick: { type: 'boolean' }, help: { type: 'boolean' } } });

if (values.help) {
  console.log(HELP);
} else {
  const { rounds, roundMs } = values.quick ? { rounds: 3, roundMs: 150 } : { rounds: 7, roundMs: 500 };
  console.log(renderTable(measureRounds(scimCoreScenarios(), { rounds, roundMs })));
}
