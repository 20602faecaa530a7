"""SQL of what requests cost, and of what happened to them."""

REQUEST_HISTORY = (
    "(SELECT json_group_array(json_object('status', e.status, 'at', e.at, 'by', e.actor, 'note', e.note))"
    " FROM (SELECT * FROM request_event WHERE request = t.id ORDER BY id) e)"
)
_PRICED = """f.kind, f.channel, f.kind || '/' || f.channel AS code, 'PLN' AS currency, f.net,
    (f.net * f.vat_rate + 5000) / 10000 AS vat, f.charged_when, f.sla_days, f.terms"""
QUOTES_SOURCE = f"""(
SELECT {_PRICED}, c.id AS client, NULL AS contract, NULL AS number, NULL AS reason
FROM client c CROSS JOIN request_fee f WHERE f.about = 'CLIENT'
UNION ALL
SELECT {_PRICED}, c.client, c.id, c.number, CASE
    WHEN c.status <> 'ACTIVE' THEN 'CONTRACT_NOT_ACTIVE'
    WHEN f.needs_vehicle AND c.assets NOT LIKE '%"VEHICLE"%' THEN 'NO_VEHICLE'
    WHEN f.needs_policy AND NOT EXISTS (SELECT 1 FROM policy p WHERE p.contract = c.id
        AND p.valid_to >= :today) THEN 'NO_POLICY' END
FROM contract c CROSS JOIN request_fee f WHERE f.about = 'CONTRACT')"""
