select distinct page
  from wide.events
 where page like '/product/item-ab%'
