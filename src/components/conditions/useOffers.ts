import { type SelectableValue } from '@grafana/data';

import { t, type TextKey } from '../../text';
import { holdersText, usersText } from '../holders';

import { useBuilder } from './builder';

/** How many values are offered of one attribute, and of each of several. */
const OFFERED = 100;
const FEW = 20;

type Option = SelectableValue<string>;

/**
 * The values that are offered: first those that users have who match the rest, then others, in groups where there are
 * several. The key changes when a list that was loaded is of no use any more.
 */
export function useOffers(of: string[]): { key: string; load: (search: string) => Promise<Option[]> } {
  const { loadValues, loadUsed, rest, attributes } = useBuilder();
  const load = async (search: string): Promise<Option[]> => {
    const groups = await Promise.all(of.map((attribute) => offersOf(attribute, search)));
    const offered = groups.flat().filter(({ options }) => options.length > 0);
    return offered.length === 1 && of.length === 1 && !offered[0].hasMore ? offered[0].options : offered;
  };
  const offersOf = async (attribute: string, search: string) => {
    const limit = of.length > 1 ? FEW : OFFERED;
    const [used, found] = await Promise.all([
      loadUsed(attribute, search),
      loadValues(attribute, search, limit + 1).catch(() => []),
    ]);
    const others = found.slice(0, limit).filter(({ value }) => !used.some((one) => one.value === value));
    return [
      groupOf(
        attribute === 'page' || attribute === 'action' ? `builder.offered.used.${attribute}` : 'builder.offered.used',
        used.map(({ value, text, users }) => ({ value, label: text, attribute, description: usersText(users) }))
      ),
      groupOf(
        of.length > 1 && (attribute === 'page' || attribute === 'action')
          ? `builder.offered.${attribute}`
          : 'builder.offered.others',
        others.map(({ value, text, count }) => ({
          ...{ value, label: text || value, attribute },
          description: count ? holdersText(count, attribute, attributes) : undefined,
        })),
        found.length > limit
      ),
    ];
  };
  return { key: `${of.join()} ${rest}`, load };
}

/** On Grafana 10.1 groups can be closed, and are at first unless they say otherwise. */
const groupOf = (text: TextKey, options: Option[], hasMore = false) => ({
  label: hasMore ? t('builder.offered.more', { of: t(text) }) : t(text),
  ...{ expanded: true, options, hasMore },
});
