import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface Workflow {
  readonly permissions: object;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly permissions: object;
        readonly needs?: string;
        readonly steps: readonly { readonly uses?: string; readonly run?: string }[];
      }
    >
  >;
}

const text = readFileSync(new URL('../../.github/workflows/release.yml', import.meta.url), 'utf8');
const workflow = parse(text) as Workflow;
const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);

describe('the release workflow', () => {
  it('runs no action that somebody else can change: each is pinned to a commit', () => {
    const uses = steps.flatMap((step) => step.uses ?? []);
    expect(uses).not.toEqual([]);
    for (const action of uses) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
  });

  it('gives its token to no job but for the registry, and puts nothing of an event into a script', () => {
    expect(workflow.permissions).toEqual({});
    for (const { permissions } of Object.values(workflow.jobs)) expect(permissions).toHaveProperty('packages', 'write');
    for (const { run = '' } of steps) expect(run).not.toContain('${{');
  });

  it('builds the image with a bill of materials and the record of its build, and joins both architectures after', () => {
    const build = steps.find(({ run }) => run?.includes('buildx build'))?.run ?? '';
    for (const flag of ['--sbom=true', '--provenance=mode=max', '--file infra/docker/Dockerfile'])
      expect(build).toContain(flag);
    expect(workflow.jobs['join']?.needs).toBe('build');
  });
});
