import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort, waitUntil } from '@rollcall/testing';

/** A request as a receiver got it. */
export interface Delivery {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How a snippet of one language becomes a program that says whether it takes a delivery. */
interface Language {
  /** A command that ends well where the language is installed. */
  readonly probe: readonly string[];
  /** The snippet's own file. */
  readonly file: string;
  /** What calls the snippet's function with the headers from WEBHOOK_ and so on, and the body from stdin; it ends with 0 for a delivery taken. */
  readonly caller?: { readonly file: string; readonly code: string };
  readonly build?: readonly string[];
  /** `PORT` in it: the program is a server that listens there. */
  readonly command: readonly string[];
}

const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url));

/** By the name that the dashboard has for them. C# is not among them: no machine of ours has had it. */
export const LANGUAGES: Readonly<Record<string, Language>> = {
  'Node.js, standardwebhooks': { probe: ['node', '--version'], file: 'server.mjs', command: ['node', 'server.mjs'] },
  Python: {
    probe: ['python3', '--version'],
    file: 'snippet.py',
    caller: {
      file: 'caller.py',
      code: `import os, sys
from snippet import verify_webhook
headers = {name.lower().replace("_", "-"): value for name, value in os.environ.items() if name.startswith("WEBHOOK_")}
verify_webhook(headers, sys.stdin.buffer.read())`,
    },
    command: ['python3', 'caller.py'],
  },
  Go: {
    probe: ['go', 'version'],
    file: 'snippet.go',
    caller: {
      file: 'caller.go',
      code: `package main

import (
	"io"
	"net/http"
	"os"
)

func main() {
	header := http.Header{}
	header.Set("webhook-id", os.Getenv("WEBHOOK_ID"))
	header.Set("webhook-timestamp", os.Getenv("WEBHOOK_TIMESTAMP"))
	header.Set("webhook-signature", os.Getenv("WEBHOOK_SIGNATURE"))
	body, _ := io.ReadAll(os.Stdin)
	if !verifyWebhook(header, body) {
		os.Exit(1)
	}
}`,
    },
    build: ['go', 'build', '-o', 'verify', 'snippet.go', 'caller.go'],
    command: ['./verify'],
  },
  Ruby: {
    probe: ['ruby', '--version'],
    file: 'snippet.rb',
    caller: {
      file: 'caller.rb',
      code: `require_relative "snippet"
headers = ENV.to_h.transform_keys { |name| name.downcase.tr("_", "-") }
verify_webhook(headers, $stdin.binmode.read)`,
    },
    command: ['ruby', 'caller.rb'],
  },
  PHP: { probe: ['php', '--version'], file: 'index.php', command: ['php', '-S', '127.0.0.1:PORT', 'index.php'] },
  Java: {
    probe: ['javac', '-version'],
    file: 'RollcallWebhook.java',
    caller: {
      file: 'Caller.java',
      code: `public final class Caller {
  public static void main(String[] none) throws Exception {
    byte[] body = System.in.readAllBytes();
    boolean taken =
        RollcallWebhook.verify(
            body,
            System.getenv("WEBHOOK_ID"),
            System.getenv("WEBHOOK_TIMESTAMP"),
            System.getenv("WEBHOOK_SIGNATURE"));
    System.exit(taken ? 0 : 1);
  }
}`,
    },
    build: ['javac', 'RollcallWebhook.java', 'Caller.java'],
    command: ['java', '-cp', '.', 'Caller'],
  },
};

/** Whether the machine has what runs a language. */
export function isInstalled({ probe: [program = '', ...parameters] }: Language): boolean {
  return spawnSync(program, parameters).status === 0;
}

/** A snippet that is ready to be given deliveries. */
export interface RunningSnippet {
  /** Whether it takes the delivery for one of Rollcall. */
  takes(delivery: Delivery): Promise<boolean>;
  stop(): Promise<void>;
}

/** Makes a program of the text that is shown, and starts it with the secret where the text expects it. */
export async function startSnippet(language: Language, code: string, secret: string): Promise<RunningSnippet> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-snippet-'));
  const port = String(await freePort());
  await writeFile(join(folder, language.file), code.replace('listen(3000)', `listen(${port})`));
  if (language.caller) await writeFile(join(folder, language.caller.file), language.caller.code);
  await symlink(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
  const env = { ...process.env, ROLLCALL_WEBHOOK_SECRET: secret, GOCACHE: join(folder, 'cache') };
  if (language.build) {
    const [program = '', ...parameters] = language.build;
    // Its failure says what the compiler has said.
    await promisify(execFile)(program, parameters, { cwd: folder, env });
  }
  const run = (headers: Delivery['headers'] = {}): ChildProcess => {
    const [program = '', ...parameters] = language.command.map((part) => part.replace('PORT', port));
    const named = Object.entries(headers).map(([name, value]) => [name.toUpperCase().replaceAll('-', '_'), value]);
    return spawn(program, parameters, { cwd: folder, env: { ...env, ...Object.fromEntries(named) } });
  };
  const server = language.caller ? null : run();
  if (server) {
    await waitUntil(() => fetch(`http://127.0.0.1:${port}/`).then(Boolean, () => false), { what: 'the snippet' });
  }
  return {
    takes: async ({ headers, body }) => {
      if (server) return (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body })).ok;
      const call = run(headers);
      call.stdin?.end(body);
      return (await exitOf(call)) === 0;
    },
    stop: async () => {
      if (server?.exitCode === null) {
        const ended = exitOf(server);
        server.kill();
        await ended;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => child.once('error', reject).once('exit', resolve));
}
