import { ConfigError } from './config-error';
import type { ReadVariable } from './read-values';

/** How traces leave; OpenTelemetry's own variables say the rest. */
export interface TracingSettings {
  protocol: 'http/protobuf' | 'http/json';
}

/**
 * Reads of OpenTelemetry's variables whether traces are made, which is when it is said where they go
 * (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/). Null: they are not. Throws ConfigError.
 */
export function readTracing(read: ReadVariable): TracingSettings | null {
  if (read('OTEL_SDK_DISABLED')?.toLowerCase() === 'true') return null;
  const exporter = read('OTEL_TRACES_EXPORTER');
  const isPointed = read('OTEL_EXPORTER_OTLP_ENDPOINT') ?? read('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT');
  if (exporter === 'none' || (exporter === undefined && isPointed === undefined)) return null;
  if (exporter !== undefined && exporter !== 'otlp') {
    throw new ConfigError('OTEL_TRACES_EXPORTER', 'must be otlp or none.');
  }
  const variable = read('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL')
    ? 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'
    : 'OTEL_EXPORTER_OTLP_PROTOCOL';
  const protocol = read(variable) ?? 'http/protobuf';
  if (protocol !== 'http/protobuf' && protocol !== 'http/json') {
    throw new ConfigError(variable, 'must be http/protobuf or http/json; gRPC is not spoken here.');
  }
  return { protocol };
}
