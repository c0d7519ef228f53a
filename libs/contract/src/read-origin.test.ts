import { describe, expect, it } from 'vitest';
import { readOrigin } from './read-origin';

describe('readOrigin', () => {
  it.each([
    ['https://app.example.com', 'https://app.example.com'],
    ['https://APP.example.com:443/', 'https://app.example.com'],
    ['https://app.example.com:8443', 'https://app.example.com:8443'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['http://127.0.0.1:3000/', 'http://127.0.0.1:3000'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
    ['https://xn--bcher-kva.example', 'https://xn--bcher-kva.example'],
  ])('reads %s', (text, origin) => {
    expect(readOrigin(text)).toBe(origin);
  });

  it.each([
    'http://app.example.com',
    'https://*.example.com',
    'https://*',
    '*',
    'null',
    "https://a.example;script-src'unsafe-inline'",
    "https://a.example 'unsafe-inline'",
    'https://a.example,https://b.example',
    'https://app.example.com/path',
    'https://app.example.com?',
    'https://app.example.com#',
    'https://user:secret@app.example.com',
    'javascript:alert(1)',
    'data:text/html,x',
    'https://',
    '',
  ])('refuses %s', (text) => {
    expect(readOrigin(text)).toBeNull();
  });
});
