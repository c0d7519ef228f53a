import { shortEventType } from '@rollcall/contract';
import type { Progress } from '@rollcall/idp-simulator';
import { isTestEvent } from '@rollcall/sdk';
import type { RollcallEvent } from '@rollcall/sdk';
import type { Printer } from './create-printer';
import { describeEvent } from './describe-event';

const KIND_WIDTH = 21;

/** Prints what the simulated provider does: an action, and below it each request with its answer. */
export function printProgress(printer: Printer, progress: Progress): void {
  switch (progress.kind) {
    case 'action':
      printer.line(`${printer.style('bold', `${progress.number}/${progress.total}`)} ${progress.text}`);
      break;
    case 'request': {
      const { method, path, status, durationMs } = progress.request;
      const text = `    ${method} ${shorten(decodeURIComponent(path))} → ${status} (${durationMs.toFixed(1)} ms)`;
      printer.line(printer.style('dim', text));
      break;
    }
    case 'throttled':
      printer.line(printer.style('yellow', `    throttled: waiting ${progress.waitSeconds} s as told`));
      break;
    case 'failure':
      printer.line(printer.style('red', `    failed: ${progress.error.message}`));
      break;
  }
}

/** Prints an event as the sample app received it. */
export function printEvent(printer: Printer, event: RollcallEvent): void {
  const kind = shortEventType(event.type).padEnd(KIND_WIDTH);
  printer.line(`${printer.style('green', `  ⇒ ${placeOf(event).padStart(6)} ${kind}`)} ${describeEvent(event)}`);
}

/** The event's number in its directory; an example and an operational event have none. */
function placeOf(event: RollcallEvent): string {
  if (isTestEvent(event)) return 'test';
  return event.sequence === null ? '–' : `#${event.sequence}`;
}

function shorten(path: string): string {
  return path.length > 90 ? `${path.slice(0, 89)}…` : path;
}
