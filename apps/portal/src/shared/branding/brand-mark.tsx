import { useState } from 'react';
import { Mark } from '../ui/mark';
import styles from './brand-mark.module.css';

/** The logo of the app's owner, which its name stands beside; Rollcall's mark where there is none or it cannot be shown. */
export function BrandMark({ logoPath, size }: { logoPath: string | null; size: number }) {
  const [failed, setFailed] = useState<string>();
  if (logoPath === null || failed === logoPath) return <Mark size={size} />;
  return (
    <img
      className={styles.logo}
      src={logoPath}
      alt=""
      height={size}
      decoding="async"
      onError={() => setFailed(logoPath)}
    />
  );
}
