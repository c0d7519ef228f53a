import { t } from '@lingui/core/macro';
import { useEffect, useState } from 'react';
import { useAnnounce } from './announcer';
import { Button, type ButtonTone } from './button';

type CopyState = 'idle' | 'copied' | 'failed';

const SHOWN_MS = 2_000;

interface CopyButtonProps {
  value: string;
  /** What is copied, in words: `Endpoint URL`. */
  label: string;
  /** What the button says before it is pressed, where `Copy` would not do: `Copy as curl`. */
  text?: string;
  tone?: ButtonTone;
  className?: string;
  onCopied?: () => void;
}

/** Copies a value; the result is written on the button and spoken. */
export function CopyButton({ value, label, text, tone = 'secondary', className, onCopied }: CopyButtonProps) {
  const announce = useAnnounce();
  const [state, setState] = useState<CopyState>('idle');

  useEffect(() => {
    if (state === 'idle') return undefined;
    const timer = setTimeout(() => setState('idle'), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [state]);

  const copy = async () => {
    const copied = await copyText(value);
    setState(copied ? 'copied' : 'failed');
    announce(copied ? t`${label} copied` : t`${label} could not be copied. Select it and press Control C.`);
    if (copied) onCopied?.();
  };

  return (
    <Button
      tone={tone}
      className={className}
      icon={state === 'copied' ? 'check' : 'copy'}
      aria-label={text !== undefined && state === 'idle' ? text : nameOf(state, label)}
      onClick={() => void copy()}
    >
      {text !== undefined && state === 'idle' ? text : textOf(state)}
    </Button>
  );
}

function textOf(state: CopyState): string {
  if (state === 'copied') return t`Copied`;
  return state === 'failed' ? t`Press Ctrl+C` : t`Copy`;
}

/** What the button says, with what it copies: the text on it is part of its name (WCAG 2.2, success criterion 2.5.3). */
function nameOf(state: CopyState, label: string): string {
  if (state === 'copied') return t`Copied ${label}`;
  return state === 'failed' ? t`Press Ctrl+C ${label}` : t`Copy ${label}`;
}

/**
 * Puts a text on the clipboard; false when the browser refuses.
 * The clipboard API exists only on secure origins; a portal on plain http falls back to the selection command.
 */
async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copyBySelection(text);
    }
  }
  return copyBySelection(text);
}

function copyBySelection(text: string): boolean {
  const focused = document.activeElement;
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'visually-hidden';
  (focused?.closest('dialog') ?? document.body).append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return copied;
}
