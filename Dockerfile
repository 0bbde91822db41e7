# The image of web, worker, scheduler and prepare; which of them a container is, its command says.
FROM python:3.13-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 NETCARE_DATA_DIR=/data
WORKDIR /app
COPY requirements/base.txt requirements/base.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/base.txt
COPY . .
RUN useradd --system --home-dir /data netcare && mkdir /data && chown netcare /data
USER netcare
CMD ["python", "manage.py", "serve", "--host", "0.0.0.0", "--port", "8000"]
