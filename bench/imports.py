"""The import of a class list: checking it and writing it, beside nothing; how many queries a hundred rows take."""

import base64
import io
import os
from datetime import date, timedelta

import xlsxwriter

#: rows of the list at full scale
ROWS = 5000
LETTERS = "абвгдежзик"


def class_list(number):
    """Return the bytes of a list of ``number`` children with a parent each, in thirty classes."""
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["№", "ФИО", "Дата рождения", "Класс", "Мать", "Телефон", "Адрес"])
        for n in range(number):
            tail = "".join(LETTERS[n // 10**power % 10] for power in range(4))
            born = date.today() - timedelta(days=12 * 365 + n % 900)
            row = [
                str(n),
                f"Измерение{tail} Иван",
                f"{born:%d.%m.%Y}",
                f"{5 + n % 3}{LETTERS[n % 10]}",
                f"Мать{tail} Анна",
                f"8701{n:07d}",
                f"ул. Абая, {n}",
            ]
            sheet.write_row(n + 1, 0, row)
    return output.getvalue()


class ImportBench:
    """Measurements of the import, for :class:`measure.Bench`."""

    def imports(self):
        """Check a list of 5,000 rows; write it batch by batch."""
        number = max(int(ROWS * float(os.environ.get("BENCH_SCALE") or 1)), 100)
        content = base64.b64encode(class_list(number))

        def record(env):
            return env["vshu.import"].create(
                {"file": content, "file_name": "list.xlsx", "create_classes": True, "date": date.today()}
            )

        def check(env):
            return record(env).action_read

        def write(env):
            imported = record(env)
            imported.action_read()
            working = imported._working()

            def run():
                while working._run_batch():
                    pass

            return run

        self.compare(f"class list of {number:,}: check", check, user=None, times=1)
        self.rows[-1]["note"] = f"{self.rows[-1]['queries'] * 100 / number:.1f} queries for 100 rows"
        self.compare(f"class list of {number:,}: write", write, user=None, times=1)
        self.rows[-1]["note"] = (
            f"{self.rows[-1]['ms'] / number:.1f} ms and {self.rows[-1]['queries'] / number:.2f} queries a row"
        )
