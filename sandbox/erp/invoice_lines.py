"""The lines of invoices, made of the invoices' rows: one each, and the postage of a service fee.

A line's id is its invoice's times 10, plus its number.
"""

_POSTAGE, _SHEETS = 7_50, 2  # net, for one of them
_POSTED = f"i.kind = 'SERVICE_FEE' AND i.net > {2 * _SHEETS * _POSTAGE}"
_NAME = """CASE
    WHEN n.value = 2 THEN 'Wysyłka dokumentów'
    WHEN i.kind = 'INSTALMENT' THEN 'Rata leasingowa nr ' || i.instalment
    WHEN i.kind = 'INITIAL_FEE' THEN 'Opłata wstępna'
    WHEN i.kind = 'BUY_OUT' THEN 'Wykup przedmiotu'
    WHEN i.kind = 'INSURANCE' THEN 'Składka ubezpieczeniowa'
    WHEN i.kind = 'INTEREST_NOTE' THEN 'Odsetki za opóźnienie'
    WHEN i.kind = 'CORRECTION' THEN i.correction_reason
    ELSE 'Opłata za obsługę umowy' END"""

SOURCE = f"""(SELECT i.id * 10 + n.value AS id, i.id AS invoice, i.client, n.value AS number, i.currency,
    i.vat_rate, {_NAME} AS name, iif(n.value = 2, {_SHEETS}, 1) AS quantity,
    iif(n.value = 2, {_POSTAGE}, i.net - iif({_POSTED}, {_SHEETS * _POSTAGE}, 0)) AS unit_net
    FROM invoice i CROSS JOIN json_each('[1,2]') n WHERE n.value = 1 OR ({_POSTED}))"""
