"""Where everything is put together: settings, the web application, GraphQL over HTTP, the command line."""
