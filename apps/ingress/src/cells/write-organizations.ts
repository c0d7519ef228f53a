import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import type { Facade } from '@rollcall/cells';
import { countOrganizations, externalIdTaken, whileNamingOrganization } from '@rollcall/management';
import type { Placement } from '@rollcall/management';
import type { DataSource } from '@rollcall/database';
import { parseId } from '@rollcall/platform';
import { isCall } from '../scalekit/answer-call';
import { messageOfAnswer } from '../scalekit/read-calls';
import { findCalled } from './answer-call';
import { askCell, askKnowing, passAnswer } from './ask-cell';
import type { CellAnswer } from './ask-cell';
import type { Cell } from './cell';
import { findByExternalId, findNamed, urlByExternalId } from './find-named';
import { cellFor, findOrganization } from './installation';
import type { Answerer, Installation } from './installation';
import { cellUnavailable } from './refusals';

/** How long a count of a cell's organizations is gone by. */
const COUNTED_MS = 60_000;

/** Makes and renames organizations of an environment whose cells each know their own alone. */
export interface OrganizationWriter {
  /** In the cell that has the fewest. */
  create: Answerer;
  /** By its id in the URL, `of` another service's API also by one of before; null: by the owner's, or as a call names it. */
  update: (named: { id: string | null; of?: Facade }) => Answerer;
}

/** @param locks of the control cell, for what waits for a lock there */
export function createOrganizationWriter(installation: Installation, locks: DataSource): OrganizationWriter {
  const { cells, placements, logger } = installation;
  const chooser = createChooser(installation);

  /** Does what gives an organization the owner's id in the body, unless another cell has one of that id. */
  async function naming(request: FastifyRequest, target: Cell, write: () => Promise<CellAnswer>): Promise<CellAnswer> {
    const externalId = givenExternalId(request.body);
    if (externalId === null) return write();
    const question = { method: 'GET', url: urlByExternalId(externalId) };
    const known = await askCell(target, request, question);
    // Whoever may not even ask waits for no lock.
    if (known.status !== 200 && known.status !== 404) return known;
    return whileNamingOrganization(locks, externalId, async () => {
      for (const cell of cells) {
        if (cell === target) continue;
        const { status } = await askCell(cell, request, question);
        if (status === 200) throw externalIdTaken();
        // A client of one organization is known where that lives. What else is no answer leaves open whether it is taken.
        if (status !== 404 && status !== 401) throw cellUnavailable();
      }
      return write();
    });
  }

  async function create(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const cell = await chooser.choose(request);
    const answer = await naming(request, cell, () => askCell(cell, request));
    if (answer.status < 300) await note(cell, answeredOrganization(request, answer));
    passAnswer(reply, await askKnowing(installation, cell, request, answer));
  }

  async function note(cell: Cell, organizationId: string): Promise<void> {
    chooser.add(cell);
    // Whoever asks for it first finds it otherwise.
    await placements.made(parseId('org', organizationId) ?? '', cell).catch((error: unknown) => {
      logger.warn({ err: error, cell: cell.name }, 'placement not written down');
    });
  }

  return {
    create,
    update:
      ({ id, of }) =>
      async (request, reply) => {
        const cell = cellFor(installation, await findUpdated(installation, request, { id, of }));
        const answer = await naming(request, cell, () => askCell(cell, request));
        passAnswer(reply, await askKnowing(installation, cell, request, answer));
      },
  };
}

async function findUpdated(
  installation: Installation,
  request: FastifyRequest,
  { id, of }: { id: string | null; of: Facade | undefined },
): Promise<Placement | null> {
  if (isCall(request)) return findCalled(installation, request);
  if (id === null) return findByExternalId(installation, request, request.url);
  if (!of) return findOrganization(installation, id);
  return findNamed(installation, id, { of, authorization: request.headers.authorization });
}

/** The owner's id that a body or a message gives an organization; null when it gives none. */
function givenExternalId(body: unknown): string | null {
  const { external_id, organization, updateMask } = (body ?? {}) as {
    external_id?: unknown;
    organization?: { externalId?: unknown };
    updateMask?: { paths: string[] };
  };
  const { paths = [] } = updateMask ?? {};
  const isMasked = paths.length > 0 && !paths.some((path) => /^(organization\.)?external_id$/.test(path));
  const given = external_id ?? (isMasked ? undefined : organization?.externalId);
  return typeof given === 'string' && given !== '' ? given : null;
}

/** The id of the organization that an answer tells of, in whichever API. */
function answeredOrganization(request: FastifyRequest, { text, framed }: CellAnswer): string {
  const answer = framed ? messageOfAnswer(request, framed) : (JSON.parse(text) as unknown);
  const { organization, id = '' } = answer as { organization?: { id: string }; id?: string };
  return organization?.id ?? id;
}

/** Chooses the cell of a new organization. */
interface Chooser {
  choose(request: FastifyRequest): Promise<Cell>;
  /** Tells of an organization that was made in a cell. */
  add(cell: Cell): void;
}

function createChooser({ cells, control }: Installation): Chooser {
  const counts = new Map<Cell, { organizations: number; until: number }>();

  async function count(cell: Cell): Promise<number> {
    const known = counts.get(cell);
    if (known && performance.now() < known.until) return known.organizations;
    const organizations = await cell.look(countOrganizations);
    counts.set(cell, { organizations, until: performance.now() + COUNTED_MS });
    return organizations;
  }

  async function findFewest(): Promise<Cell> {
    let fewest: { cell: Cell; organizations: number } | undefined;
    for (const cell of cells) {
      if (!cell.isReady) continue;
      const organizations = await count(cell).catch(() => Infinity);
      if (organizations < (fewest?.organizations ?? Infinity)) fewest = { cell, organizations };
    }
    return fewest?.cell ?? control;
  }

  return {
    choose: async ({ headers: { 'idempotency-key': key } }) => {
      if (typeof key !== 'string') return findFewest();
      // The same for the same key: there it is known what was answered.
      const number = createHash('sha256').update(key).digest().readUInt32BE();
      return cells[number % cells.length] ?? control;
    },
    add: (cell) => {
      const known = counts.get(cell);
      if (known) known.organizations += 1;
    },
  };
}
