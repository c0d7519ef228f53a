import { useMemo, useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import { encode } from 'uqr';
import { ConfirmDialog } from '../../shared/ui/dialog';
import { TextField } from '../../shared/ui/field';
import { ValueField } from '../../shared/ui/value-field';
import { confirmTotp } from './account-api';
import styles from './account.module.css';

interface TotpDialogProps {
  begun: { secret: string; otpauth_url: string };
  onDone: (recoveryCodes: string[]) => void;
  onClose: () => void;
}

/** Shows the secret to an authenticator app (RFC 6238), and asks for a code of it: only then it counts. */
export function TotpDialog({ begun, onDone, onClose }: TotpDialogProps) {
  const [code, setCode] = useState('');
  const confirm = useMutation({
    mutationFn: () => confirmTotp(code.replaceAll(' ', '')),
    onSuccess: ({ recovery_codes: codes }) => onDone(codes),
  });
  return (
    <ConfirmDialog
      title="Set up an authenticator app"
      confirmLabel="Turn on"
      busy={confirm.isPending}
      error={confirm.error}
      blocked={!/^\d{6}$/.test(code.replaceAll(' ', ''))}
      onConfirm={() => confirm.mutate()}
      onClose={onClose}
    >
      <p>Scan this with the app, or type the key into it. Then enter the code that it shows.</p>
      <QrCode text={begun.otpauth_url} />
      <ValueField label="Key" value={begun.secret} />
      <TextField
        label="Code"
        inputMode="numeric"
        value={code}
        maxLength={7}
        autoComplete="one-time-code"
        onChange={setCode}
      />
    </ConfirmDialog>
  );
}

/** One path of squares, dark on white in both themes, because that is what a camera reads. */
function QrCode({ text }: { text: string }) {
  const { size, path } = useMemo(() => {
    const { data, size: side } = encode(text, { ecc: 'M', border: 2 });
    const squares = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
    return { size: side, path: squares.join('') };
  }, [text]);
  return (
    <svg className={styles.qr} viewBox={`0 0 ${size} ${size}`} role="img" aria-label="QR code of the key">
      <path d={path} fill="#000000" shapeRendering="crispEdges" />
    </svg>
  );
}
