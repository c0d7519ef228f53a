import { buildScenario, type DialectName, findDialect, simulateProvider } from '@rollcall/idp-simulator';
import { createRollcallClient, type RollcallClient, syncDirectory } from '@rollcall/sdk';
import { awaitArrival, type Verdict } from './demo/await-arrival';
import { createPrinter, type Printer } from './demo/create-printer';
import { DEMO_HELP, DEMO_PROVIDERS, type DemoArguments, parseArguments } from './demo/parse-arguments';
import { printEvent, printProgress } from './demo/print-progress';
import { removeOldEndpoints, setUpDirectory } from './demo/set-up-directory';
import { type SampleApp, startSampleApp } from './demo/start-sample-app';
import { type RunningSystem, startSystem } from './demo/start-system';

const DATA_DIR = '.rollcall-demo';
/** A pace at which a person can follow; with --once there is none. */
const PAUSE_MS = 150;
const PORTAL_LINK_SECONDS = 24 * 3600;

/** Runs the demo and answers the exit code: 0 when everything that was provisioned arrived at the sample app. */
async function demo(argv: string[], printer: Printer): Promise<number> {
  const args = parseArguments(argv);
  if (args.help) {
    printer.line(DEMO_HELP);
    return 0;
  }
  printer.line('Starting Rollcall on a database of its own…');
  const system = await startSystem({ dataDir: DATA_DIR, keep: args.keep });
  const apps: SampleApp[] = [];
  try {
    // Ctrl-C ends the demo at any moment, also while it provisions.
    return await Promise.race([tell(args, system, apps, printer), watch(system, printer)]);
  } finally {
    await Promise.all(apps.map((app) => app.stop()));
    await system.stop();
  }
}

/** The story of each provider: set up, provision, verify; and stay open to be looked at. `apps` are the sample apps that it starts. */
async function tell(args: DemoArguments, system: RunningSystem, apps: SampleApp[], printer: Printer): Promise<number> {
  printer.line(`Rollcall runs at ${printer.style('cyan', system.baseUrl)}.`);
  const client = createRollcallClient({ baseUrl: system.baseUrl, ...system.credentials });
  await removeOldEndpoints(client);
  const customers: Customer[] = [];
  for (const idp of args.idps) {
    const app = await startSampleApp((event) => printEvent(printer, event));
    apps.push(app);
    customers.push(await provision({ idp, ...args }, client, app, printer));
  }
  if (args.once) return customers.every(({ isRight }) => isRight) ? 0 : 1;
  await printInvitation(printer, system, client, customers);
  return new Promise<never>(() => {});
}

/** An organization whose provider was played to its end. */
interface Customer {
  organizationId: string;
  title: string;
  isRight: boolean;
}

async function provision(
  { idp, people, once }: { idp: DialectName; people: number; once: boolean },
  client: RollcallClient,
  app: SampleApp,
  printer: Printer,
): Promise<Customer> {
  const dialect = findDialect(idp);
  const setUp = await setUpDirectory(client, {
    provider: DEMO_PROVIDERS[idp],
    webhookUrl: app.url,
    useSecret: app.useSecret,
  });
  const { id: directoryId, organization_id: organizationId, directory_endpoint: scimUrl } = setUp.directory;
  // An app begins with a snapshot, empty here; the webhooks continue it.
  await syncDirectory({ client, organizationId, directoryId, store: app.store });
  const scenario = buildScenario({ people });
  printer.line(
    `A simulated ${dialect.title} now provisions ${people} people to ${scimUrl}, for the sample app at ${app.url}:\n`,
  );
  const simulated = simulateProvider({
    dialect,
    connection: { baseUrl: scimUrl, token: setUp.scimToken },
    scenario,
    pauseMs: once ? 0 : PAUSE_MS,
    onProgress: (progress) => printProgress(printer, progress),
  });
  const failures = await simulated.run(scenario.actions);
  const held = simulated.held();
  const verdict = await awaitArrival(client, directoryId, app, held);
  const problems = [...failures.map(({ error }) => error.message), ...verdict.problems];
  printVerdict(printer, { ...verdict, problems }, app, `${held.users.length} users and ${held.groups.length} groups`);
  return { organizationId, title: dialect.title, isRight: problems.length === 0 };
}

function printVerdict(printer: Printer, { events, problems }: Verdict, app: SampleApp, held: string): void {
  printer.line();
  if (problems.length === 0) {
    const text = `Verified: ${app.received.size} of ${events} events arrived, numbered without a gap, every signature valid, the same bytes as in the API.`;
    printer.line(printer.style('green', text));
    printer.line(printer.style('green', `The sample app's copy equals what the identity provider holds: ${held}.`));
    return;
  }
  printer.line(printer.style('red', `Not everything arrived as it should (${app.received.size} of ${events} events):`));
  for (const problem of problems.slice(0, 20)) printer.line(`  - ${problem}`);
  if (problems.length > 20) printer.line(`  and ${problems.length - 20} more`);
}

async function printInvitation(
  printer: Printer,
  system: RunningSystem,
  client: RollcallClient,
  customers: readonly Customer[],
): Promise<void> {
  printer.line();
  printer.line(`Look around (each link opens once):`);
  for (const { organizationId, title } of customers) {
    const link = await client.portalLinks.create(organizationId, { expires_in: PORTAL_LINK_SECONDS });
    const whose = customers.length === 1 ? 'portal of the organization' : title;
    printer.line(`  ${whose.padEnd(26)}  ${printer.style('cyan', link.location)}`);
  }
  printer.line(`  dashboard of the app owner  ${printer.style('cyan', system.dashboardSetupUrl)}`);
  printer.line(`  API, readable               ${printer.style('cyan', `${system.baseUrl}/api/docs`)}`);
  printer.line(`  API client                  ${system.dataDir}/bootstrap.json`);
  printer.line('Ctrl-C ends the demo.');
}

/** Resolves when the demo is to end: 0 after Ctrl-C or SIGTERM or when nobody reads on, 1 when the system ended by itself. */
function watch(system: RunningSystem, printer: Printer): Promise<number> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve(0));
    void printer.closed.then(() => resolve(0));
    void system.ended.then((lastLines) => {
      printer.line(printer.style('red', `Rollcall ended by itself. Its last lines:\n${lastLines}`));
      resolve(1);
    });
  });
}

/** `npm run demo`. */
export async function run(): Promise<never> {
  const printer = createPrinter(process.stdout, process.env);
  try {
    process.exitCode = await demo(process.argv.slice(2), printer);
  } catch (error) {
    printer.line(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
  // What may still be open (a request cut short by Ctrl-C) does not hold the terminal.
  return process.exit();
}
