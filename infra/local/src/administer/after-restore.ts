import { acceptServer, settleRestore } from '@rollcall/database';

export interface AfterRestoreRequest {
  readonly ownerUrl: string;
  /** Nothing was lost: only the server is another. */
  readonly keepEpochs: boolean;
  readonly json: boolean;
  readonly say: (text: string) => void;
}

/**
 * Makes a database that came from a backup safe to serve, and says how far it is and what it did. Throws what settleRestore and
 * acceptServer throw.
 */
export async function afterRestore({ ownerUrl, keepEpochs, json, say }: AfterRestoreRequest): Promise<void> {
  if (keepEpochs) {
    await acceptServer(ownerUrl);
    return say(
      json
        ? JSON.stringify({ epochs_kept: true })
        : 'The server is noted, and every epoch stays: consumers go on where they are.',
    );
  }
  const settled = await settleRestore({
    ownerUrl,
    onProgress: (done, total) => json || say(`Directories with a new epoch: ${done} of ${total}.`),
  });
  const { directories, environments, feedEpoch, transactionOffset } = settled;
  if (json) {
    return say(
      JSON.stringify({ directories, environments, feed_epoch: feedEpoch, transaction_offset: transactionOffset }),
    );
  }
  say(`Epoch of the event feeds: ${feedEpoch} (environments: ${environments}).`);
  if (transactionOffset > 0) say('Events are stored behind those of the server before.');
  say('Start the processes: consumers that were ahead are answered 410 events_ahead and take a snapshot.');
}
