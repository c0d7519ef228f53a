import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { countOrganizations, externalIdTaken, whileNamingOrganization } from '@rollcall/management';
import type { DataSource } from '@rollcall/database';
import { parseId } from '@rollcall/platform';
import { askCell, passAnswer } from './ask-cell';
import type { CellAnswer } from './ask-cell';
import type { Cell } from './cell';
import { cellFor, findOrganization } from './installation';
import type { Answerer, Installation } from './installation';
import { cellUnavailable } from './refusals';

/** How long a count of a cell's organizations is gone by. */
const COUNTED_MS = 60_000;

/** Makes and renames organizations of an environment whose cells each know their own alone. */
export interface OrganizationWriter {
  /** In the cell that has the fewest. */
  create: Answerer;
  /** By its id in the URL; null: by the owner's. */
  update: (id: string | null) => Answerer;
}

/** @param locks of the control cell, for what waits for a lock there */
export function createOrganizationWriter(installation: Installation, locks: DataSource): OrganizationWriter {
  const { control, cells, placements, logger } = installation;
  const chooser = createChooser(installation);

  /** Does what gives an organization the owner's id in the body, unless another cell has one of that id. */
  async function naming(request: FastifyRequest, target: Cell, write: () => Promise<CellAnswer>): Promise<CellAnswer> {
    const { external_id: externalId } = (request.body ?? {}) as { external_id?: unknown };
    if (typeof externalId !== 'string' || externalId === '') return write();
    const question = { method: 'GET', url: `/api/v1/organizations:external/${encodeURIComponent(externalId)}` };
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
    if (answer.status === 201) await note(cell, answer);
    passAnswer(reply, answer);
  }

  async function note(cell: Cell, { text }: CellAnswer): Promise<void> {
    const { organization } = JSON.parse(text) as { organization: { id: string } };
    chooser.add(cell);
    // Whoever asks for it first finds it otherwise.
    await placements.made(parseId('org', organization.id) ?? '', cell).catch((error: unknown) => {
      logger.warn({ err: error, cell: cell.name }, 'placement not written down');
    });
  }

  async function findCell(request: FastifyRequest, id: string | null): Promise<Cell> {
    if (id === null) return findByExternalId(request);
    return cellFor(installation, await findOrganization(installation, id));
  }

  async function findByExternalId(request: FastifyRequest): Promise<Cell> {
    for (const cell of cells) {
      const { status, text } = await askCell(cell, request, { method: 'GET' });
      if (status !== 200) continue;
      return findCell(request, (JSON.parse(text) as { organization: { id: string } }).organization.id);
    }
    return control;
  }

  return {
    create,
    update: (id) => async (request, reply) => {
      const cell = await findCell(request, id);
      passAnswer(reply, await naming(request, cell, () => askCell(cell, request)));
    },
  };
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
