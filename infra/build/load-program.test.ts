import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import module from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const LOADER = JSON.stringify(new URL('load-program.js', import.meta.url).href);

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'rollcall-program-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

function evaluate(code: string): string {
  const text = `import { keepCompiledCode, loadProgram } from ${LOADER}; const folder = process.argv[1]; ${code}`;
  return execFileSync(process.execPath, ['--input-type=module', '--eval', text, folder], {
    encoding: 'utf8',
    stdio: 'pipe',
  });
}
const keep = (): string => evaluate('keepCompiledCode(folder)');
const run = (): string => evaluate('await loadProgram(`${folder}/program.cjs`).run()');

// Node.js 22 keeps compiled code by itself.
describe.runIf(!('enableCompileCache' in module))('a program whose compiled code the build has kept', () => {
  it('is loaded to keep it and not run, and then runs from it, with the parts that it loads', () => {
    write('program.cjs', `const part = require('./part.cjs'); exports.run = () => console.log('run', part.name);`);
    write('part.cjs', `exports.name = 'one';`);
    expect(keep()).toBe('');
    // V8 knows a text by its length.
    write('part.cjs', `exports.name = 'two';`);
    expect(run()).toBe('run one\n');
  });

  it('runs from its text where what was kept is of another text, damaged or gone', () => {
    write('program.cjs', `exports.run = () => console.log('first');`);
    keep();
    write('program.cjs', `exports.run = () => console.log('a longer text');`);
    expect(run()).toBe('a longer text\n');
    const [cache = ''] = readdirSync(folder).filter((name) => name.endsWith('.cache'));
    write(cache, 'damaged');
    expect(run()).toBe('a longer text\n');
    rmSync(join(folder, cache));
    expect(run()).toBe('a longer text\n');
  });

  it('has nothing but ASCII in its text: else nothing is kept', () => {
    write('program.cjs', `exports.run = () => console.log('é');`);
    expect(keep).toThrow('program.cjs is not ASCII alone.');
    expect(run()).toBe('é\n');
  });

  it('names the place of an error as its file has it, and loads packages', () => {
    const before = `const { sep } = require('node:path'); exports.run = () => console.log(sep, `;
    write('program.cjs', `${before}new Error().stack);`);
    keep();
    expect(run()).toMatch(/^\/ /);
    expect(run()).toContain(`${folder}/program.cjs:1:${before.length + 1})`);
  });
});
