import type { TracingSettings } from '../config/read-tracing';
import type { Logger } from '../create-logger';
import type { Tracing } from './tracing';

/** Starts to make traces when the configuration says so. OpenTelemetry's libraries are loaded then, and never otherwise. */
export async function openTracing(
  settings: TracingSettings | null,
  options: { service: string; logger: Logger },
): Promise<Tracing | null> {
  if (settings === null) return null;
  const { exportTraces } = await import('./export-traces');
  return exportTraces(settings, options);
}
