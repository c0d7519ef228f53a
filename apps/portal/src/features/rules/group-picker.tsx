import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Button, ComboBox, Input, Label, ListBox, ListBoxItem, Popover } from 'react-aria-components';
import { groupsQuery } from '../../shared/api/people-queries';
import { formatCount } from '../../shared/format/format-count';
import { shownName } from '../../shared/format/shown-name';
import { ForeignText } from '../../shared/ui/foreign-text';
import { Icon } from '../../shared/ui/icon';
import styles from './group-picker.module.css';

const SHOWN = 20;

/** A group of the directory, found by typing; the server searches. */
export function GroupPicker({
  directoryId,
  onChoose,
}: {
  directoryId: string;
  onChoose: (groupId: string | null) => void;
}) {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<{ id: string; name: string } | null>(null);
  // What was chosen stands in the field and is no search.
  const query = chosen?.name === text ? '' : text.trim();
  const groups = useQuery({
    ...groupsQuery(directoryId, { pageSize: SHOWN, pageToken: '', query }),
    refetchInterval: false,
  });
  const items = (groups.data?.groups ?? []).map(({ id, display_name, total_users: users }) => ({
    id,
    name: shownName(display_name, id),
    users,
  }));
  const choose = (id: string | null) => {
    const item = items.find((candidate) => candidate.id === id) ?? null;
    setChosen(item);
    setText(item?.name ?? '');
    onChoose(item?.id ?? null);
  };
  return (
    <ComboBox
      className={styles.picker ?? ''}
      items={items}
      inputValue={text}
      selectedKey={chosen?.id ?? null}
      menuTrigger="focus"
      allowsEmptyCollection
      onInputChange={setText}
      onSelectionChange={(key) => choose(key === null ? null : String(key))}
    >
      <Label className={styles.label ?? ''}>Group</Label>
      <div className={styles.field}>
        <Input className={styles.input ?? ''} placeholder="Type a name" dir="auto" />
        <Button className={styles.open ?? ''}>
          <Icon name="chevronDown" size={16} />
        </Button>
      </div>
      <Popover className={styles.popover ?? ''}>
        <ListBox
          className={styles.list ?? ''}
          renderEmptyState={() => (
            <p className={styles.empty}>{groups.isPending ? 'Looking…' : 'No group of this name has arrived.'}</p>
          )}
        >
          {(item: (typeof items)[number]) => (
            <ListBoxItem id={item.id} textValue={item.name} className={styles.item ?? ''}>
              <ForeignText text={item.name} />
              <span className={styles.count}>{formatCount(item.users, 'member')}</span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
