import type { Plugin } from 'rolldown';

export function sqlFiles(): Plugin;
export function readSqlFiles(folder?: string): Record<string, string>;
