import { css, cx } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Button, Checkbox, CollapsableSection, IconButton, Input, Tooltip, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';

import { type Value } from '../audience/terms';
import { t } from '../text';

import { type FacetState } from './FacetRail';
import { usersText } from './holders';
import { formatCount } from './numbers';
import { Stack } from './Stack';
import { stableOrder } from './stableOrder';

/** A value and how many users have it; null is for those without one. */
export interface Counted {
  value: Value;
  text: string;
  count: number;
  /** What it means, where that is more than its text. */
  sentence?: string;
}

interface Props extends FacetState {
  /** The counts are of an earlier question. */
  old: boolean;
  onChoose: (only: Value[], without: Value[]) => void;
  onSearch: (search: string) => void;
  onMore: () => void;
  onRemove: () => void;
}

/** The values of one attribute: a tick takes one in, "only" takes it alone, "not" leaves it out. */
export function Facet(props: Props) {
  const { name, attribute, values, more, error, search, only, without, onSearch, onMore, onRemove } = props;
  const styles = useStyles2(getStyles);
  const [open, setOpen] = useState(true);
  const ordered = useOrdered(values, [...only, ...without], more, `${attribute} ${search}`);
  const label = (
    <Stack spread className={styles.head}>
      <span>{name}</span>
      {only.length + without.length > 0 && <span className={styles.chosen}>{only.length + without.length}</span>}
    </Stack>
  );
  return (
    <div className={styles.facet}>
      <CollapsableSection label={label} isOpen={open} onToggle={setOpen} contentClassName={styles.content}>
        {(more || search || ordered.length > 5) && (
          <Input
            {...{
              value: search,
              placeholder: t('facets.search', { name }),
              'aria-label': t('facets.search', { name }),
            }}
            onChange={({ currentTarget }) => onSearch(currentTarget.value)}
          />
        )}
        {error && <p className={styles.note}>{error}</p>}
        {values && ordered.length === 0 && !error && (
          <p className={styles.note}>{search ? t('facets.noMatch') : t('facets.none')}</p>
        )}
        <ul className={styles.values} aria-label={name}>
          {ordered.map((one) => (
            <FacetValue key={JSON.stringify(one.value)} {...props} one={one} />
          ))}
        </ul>
        {more && (
          <Button variant="secondary" fill="text" size="sm" onClick={onMore}>
            {t('facets.more')}
          </Button>
        )}
      </CollapsableSection>
      <IconButton
        {...{ className: 'remove', name: 'trash-alt', size: 'sm', tooltip: t('facets.remove', { name }) }}
        onClick={onRemove}
      />
    </div>
  );
}

/** The values in an order that stays as long as the same ones are looked at; choosing alone moves nothing. */
function useOrdered(values: Counted[] | undefined, chosen: Value[], more: boolean, of: string): Counted[] {
  const [shown, setShown] = useState<{ of: string; values?: Counted[]; list: Counted[] }>({ of, list: [] });
  if (values && (shown.values !== values || shown.of !== of)) {
    setShown({ of, values, list: stableOrder(shown.of === of ? shown.list : [], values, chosen, more) });
  }
  return shown.list;
}

function FacetValue({ one, only, without, onChoose, old }: Props & { one: Counted }) {
  const styles = useStyles2(getStyles);
  const { value, count } = one;
  const text = value === null ? t('common.notKnown') : one.text || value;
  const excluded = without.includes(value);
  const others = (list: Value[]) => list.filter((other) => other !== value);
  return (
    <li className={styles.value}>
      <Explained sentence={one.sentence}>
        <Checkbox
          className={cx(styles.box, value === null && styles.unknown)}
          value={only.includes(value)}
          label={text}
          aria-description={one.sentence}
          onChange={() => onChoose(only.includes(value) ? others(only) : [...only, value], others(without))}
        />
      </Explained>
      {excluded && <span className={styles.note}>{t('facets.excluded')}</span>}
      <span className={cx(styles.actions, 'actions')}>
        <Button
          {...{ variant: 'secondary', fill: 'text', size: 'sm', tooltip: t('facets.onlyTip', { value: text }) }}
          aria-label={t('facets.onlyTip', { value: text })}
          onClick={() => onChoose([value], [])}
        >
          {t('facets.only')}
        </Button>
        <Button
          {...{ variant: 'secondary', fill: 'text', size: 'sm', tooltip: t('facets.notTip', { value: text }) }}
          aria-label={t('facets.notTip', { value: text })}
          aria-pressed={excluded}
          onClick={() => onChoose(others(only), excluded ? others(without) : [...without, value])}
        >
          {t('facets.not')}
        </Button>
      </span>
      <Number count={count} old={old} />
    </li>
  );
}

/** Shows what a value means to who points at it or has the focus there. */
function Explained({ sentence, children }: { sentence?: string; children: React.ReactElement }) {
  const styles = useStyles2(getStyles);
  const [shown, setShown] = useState(false);
  if (!sentence) {
    return children;
  }
  const show = () => setShown(true);
  const hide = () => setShown(false);
  return (
    <span className={styles.box} onMouseEnter={show} onMouseLeave={hide} onFocus={show} onBlur={hide}>
      <Tooltip {...{ content: sentence, show: shown, placement: 'top-start' }}>{children}</Tooltip>
    </span>
  );
}

function Number({ count, old }: { count: number; old: boolean }) {
  const styles = useStyles2(getStyles);
  return (
    <span className={cx(styles.count, (old || count === 0) && styles.old)} title={usersText(count)}>
      {formatCount(count)}
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  facet: css({
    ...{ borderBottom: `1px solid ${theme.colors.border.weak}`, position: 'relative' },
    '.remove': { position: 'absolute', top: theme.spacing(1.5), right: 0, opacity: 0 },
    '&:hover .remove, .remove:focus-visible': { opacity: 1 },
  }),
  head: css({ width: '100%', fontSize: theme.typography.body.fontSize }),
  chosen: css({ color: theme.colors.text.link, paddingRight: theme.spacing(3) }),
  content: css({ padding: theme.spacing(0, 0, 1) }),
  values: css({ margin: theme.spacing(1, 0, 0) }),
  value: css({
    ...{ display: 'flex', alignItems: 'center', gap: theme.spacing(0.5), listStyle: 'none', minHeight: 28 },
    '&:hover .actions, &:focus-within .actions': { width: 'auto', opacity: 1 },
  }),
  box: css({ flex: '1 1 auto', minWidth: 0, overflow: 'hidden', justifyContent: 'start', textAlign: 'left' }),
  unknown: css({ '&& *': { color: theme.colors.text.secondary } }),
  // Out of the way, but in the order of Tab.
  actions: css({ flex: '0 0 auto', display: 'flex', width: 0, overflow: 'hidden', opacity: 0 }),
  count: css({ fontVariantNumeric: 'tabular-nums', textAlign: 'right', flex: '0 0 auto' }),
  old: css({ color: theme.colors.text.disabled }),
  note: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize, margin: 0 }),
});
