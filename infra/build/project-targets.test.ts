import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readWorkspace } from './read-workspace.js';

const ROOT = new URL('../..', import.meta.url).pathname;

const folders = [...readWorkspace(ROOT).files.values()].map((file) => file.project.root);

// `npm run lint` runs the targets that projects name: without one a project would be left out and nothing would say so.
it.each([...new Set(folders)])('%s is linted, and its unit tests can be run alone', (folder) => {
  const project = JSON.parse(readFileSync(`${ROOT}/${folder}/project.json`, 'utf8')) as { targets: object };
  expect(Object.keys(project.targets)).toEqual(expect.arrayContaining(['lint', 'test-unit']));
});
